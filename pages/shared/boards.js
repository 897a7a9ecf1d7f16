// Boards: one KPI by every dimension, a list each; and two dimensions as a grid. All words and numbers come from Python;
// a click only says which group was meant. What is opened and searched for is kept over reruns.

const opened = new WeakMap()

export default function (component) {
  const { parentElement: root, data, setTriggerValue } = component
  const place = root.querySelector(".boards")
  if (!opened.has(root)) opened.set(root, new Map())
  const kept = opened.get(root)

  place.classList.toggle("wide", data.wide)
  place.classList.toggle("alone", !data.compared)
  keepFocus(root, () => place.replaceChildren(...data.boards.map(board), ...(data.grid ? [grid(data.grid)] : [])))

  function board(one) {
    const state = kept.get(one.id) ?? kept.set(one.id, { isOpen: false, sought: "" }).get(one.id)
    const section = element("section", "board")
    section.setAttribute("aria-label", one.title)
    const list = element("ul")
    const head = element("header")
    head.append(title(one), ...data.heads.filter(isShown).map((words) => element("span", "head", words)))
    section.append(head, list)
    draw()
    return section

    function draw() {
      fill()
      section.querySelector(".more")?.remove()
      if (one.groups.length <= one.shown) return
      const more = element("div", "more")
      more.append(...(state.isOpen ? [search(), fold()] : [unfold()]))
      section.append(more)
    }

    function fill() {
      const sought = state.sought.toLocaleLowerCase()
      const found = one.groups.filter((group) => group.label.toLocaleLowerCase().includes(sought))
      const rows = (state.isOpen ? found : found.slice(0, one.shown)).map((group) => row(one.id, group))
      list.replaceChildren(...(rows.length ? rows : [element("li", "none", data.words.none)]))
    }

    function unfold() {
      const open = clickable("row rest", `${one.id}:rest`, () => {
        state.isOpen = true
        draw()
        section.querySelector("input").focus()
      })
      open.append(...cells(one.rest))
      open.setAttribute("aria-expanded", "false")
      return open
    }

    function fold() {
      const close = clickable("fold", `${one.id}:fold`, () => {
        Object.assign(state, { isOpen: false, sought: "" })
        draw()
        section.querySelector(".rest").focus()
      })
      close.textContent = data.words.fold
      return close
    }

    function search() {
      const input = element("input", "search")
      Object.assign(input, { type: "search", placeholder: data.words.search, value: state.sought })
      input.setAttribute("aria-label", `${data.words.search}: ${one.title}`)
      input.oninput = () => {
        state.sought = input.value
        fill()
      }
      return input
    }
  }

  function title(one) {
    const heading = element("h2")
    if (data.wide) {
      heading.textContent = one.title
      return heading
    }
    const open = clickable("title", `${one.id}:title`, () => setTriggerValue("opened", one.id))
    open.textContent = one.title
    open.title = data.words.open
    heading.append(open)
    return heading
  }

  function row(dimension, group) {
    const item = element("li")
    const look = `row${group.chosen ? " chosen" : ""}${group.faint ? " faint" : ""}`
    const pick = () => setTriggerValue("picked", [[dimension, group.value]])
    const button = clickable(look, `${dimension}:${group.value}`, pick)
    button.title = group.told
    button.setAttribute("aria-label", group.told)
    button.setAttribute("aria-pressed", String(group.chosen))
    button.append(...cells(group))
    const asking = `${dimension}:${group.value}:why`
    const why = clickable("why", asking, () => {
      focusAfterDrawer(root, asking)
      setTriggerValue("asked", [dimension, group.value])
    })
    why.textContent = "?"
    why.title = data.words.receipt
    why.setAttribute("aria-label", `${data.words.receipt} ${group.label}`)
    item.append(button, why)
    return item
  }

  function cells(group) {
    const bar = element("span", `bar ${group.tone ?? ""}`)
    bar.style.setProperty("--length", String(Math.round(group.bar * 1000) / 1000))
    return [
      bar,
      element("span", "label", group.label),
      ...group.numbers.filter(isShown).map((number, place) => element("span", `number n${place} ${place === 2 ? group.verdict : ""}`, number)),
    ]
  }

  // without a comparison there is no column for the change
  function isShown(_, place) {
    return data.compared || place < 2
  }

  function grid(one) {
    const table = element("table", "grid")
    table.append(element("caption", "", one.title))
    const head = element("tr")
    head.append(element("th", "corner", one.corner), ...one.columns.map((words) => heading("col", words)))
    table.append(head)
    for (const line of one.rows) {
      const tr = element("tr")
      tr.append(heading("row", line.label))
      for (const cell of line.cells) {
        const td = element("td")
        if (cell) {
          const place = `${cell.groups}`
          const button = clickable(`cell ${cell.tone}`, place, () => setTriggerValue("picked", cell.groups))
          button.textContent = cell.text
          button.title = cell.told
          button.setAttribute("aria-label", cell.told)
          button.style.setProperty("--weight", `${Math.round(cell.weight * 100)}%`)
          td.append(button)
        } else td.textContent = "—"
        tr.append(td)
      }
      table.append(tr)
    }
    const frame = element("div", "scroll")
    frame.append(table)
    return frame
  }
}

function clickable(className, place, onclick) {
  const button = element("button", className)
  Object.assign(button, { type: "button", onclick })
  button.dataset.focus = place
  return button
}

function heading(scope, words) {
  const th = element("th", "", words)
  th.scope = scope
  th.title = words
  return th
}

function element(name, className = "", text = "") {
  const made = document.createElement(name)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}
