// The scorecard: a line a KPI. A click on a name opens it in Explore, on a value its receipt, on a pin keeps it on top.
// All words and numbers come from Python.

const SPARK = { width: 96, height: 22, inset: 2 }

export default function ({ parentElement: root, data, setTriggerValue }) {
  const table = root.querySelector("table")
  table.classList.toggle("alone", !data.compared)
  table.setAttribute("aria-label", data.words.title)
  const rows = data.areas.flatMap((area) => [areaRow(area), ...area.rows.map(row)])
  keepFocus(root, () => table.querySelector("tbody").replaceChildren(...rows))

  function areaRow(area) {
    const line = element("tr", "area")
    const heads = data.words.heads
    const title = element("th", "name", area.title)
    title.scope = "rowgroup"
    line.append(title, ...heads.map((words, place) => element("td", `head c${place}`, words)))
    return line
  }

  function row(one) {
    const line = element("tr", "kpi")
    const name = element("th", "name")
    name.scope = "row"
    const inside = element("div", "inside")
    inside.append(pin(one), button("open", one, one.name, data.words.open, "opened"))
    name.append(inside)
    const value = cell("c0")
    value.append(button("value", one, one.value, data.words.receipt, "asked"))
    const change = cell(`c1 ${one.verdict}`, one.change)
    change.title = one.told
    if (one.word) change.append(element("span", "word", one.word))
    const trend = cell("c3")
    if (one.trend.length > 1) trend.append(spark(one.trend))
    line.append(name, value, change, cell("c2", one.before), trend, cell("c4", one.band))
    return line
  }

  function pin(one) {
    const made = button("pin", one, "", one.pinned ? data.words.unpin : data.words.pin, "pinned")
    made.setAttribute("aria-pressed", String(one.pinned))
    made.setAttribute("aria-label", `${one.pinned ? data.words.unpin : data.words.pin}: ${one.name}`)
    made.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 4h6l-1 6 3 3v2H7v-2l3-3z"/><path d="M12 15v5"/></svg>'
    return made
  }

  function button(kind, one, text, title, trigger) {
    const made = element("button", kind, text)
    made.dataset.focus = `${one.id}:${kind}`
    const onclick = () => {
      if (trigger === "asked") focusAfterDrawer(root, made.dataset.focus)
      setTriggerValue(trigger, one.id)
    }
    Object.assign(made, { type: "button", title, onclick })
    return made
  }
}

function cell(className, text = "") {
  return element("td", className, text)
}

function element(name, className = "", text = "") {
  const made = document.createElement(name)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}

// A line without axes around the middle of its values; gaps are left out before.
function spark(values) {
  const { width, height, inset } = SPARK
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const x = (place) => inset + (place * (width - 2 * inset)) / (values.length - 1)
  // less than a tenth of the value shall not look like a cliff
  const span = Math.max(high - low, 0.1 * Math.max(Math.abs(high), Math.abs(low)))
  const middle = (low + high) / 2
  const y = (value) => height / 2 - (span > 0 ? ((value - middle) * (height - 2 * inset)) / span : 0)
  const points = values.map((value, place) => `${x(place).toFixed(1)},${y(value).toFixed(1)}`)
  const space = "http://www.w3.org/2000/svg"
  const svg = document.createElementNS(space, "svg")
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`)
  svg.setAttribute("class", "spark")
  svg.setAttribute("aria-hidden", "true")
  const line = document.createElementNS(space, "polyline")
  line.setAttribute("points", points.join(" "))
  const end = document.createElementNS(space, "circle")
  for (const [name, value] of [["cx", x(values.length - 1)], ["cy", y(values.at(-1))], ["r", 2]]) end.setAttribute(name, value)
  svg.append(line, end)
  return svg
}
