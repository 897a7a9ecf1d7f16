// The drop area. Files go to the upload route one after another; each answer brings the ticket for the next file.
// All words come from Python.

const RENEWAL_MS = 20000
const NAME_CHARACTERS = 200
const areas = new WeakMap()

export default function (component) {
  const root = component.parentElement
  if (!areas.has(root)) areas.set(root, dropArea(root))
  const area = areas.get(root)
  area.update(component)
  return () => {
    area.stop()
    areas.delete(root)
  }
}

function dropArea(root) {
  const $ = (selector) => root.querySelector(selector)
  const [drop, input, choose] = [$(".drop"), $("input"), $(".choose")]
  const [files, summary, live] = [$(".files"), $(".summary"), $(".live")]
  const unmount = new AbortController()
  const entries = []
  let [data, words, send, format] = [null, null, null, null]
  let [ticket, seenTicket, renewal, active] = [null, null, null, null]

  // What Python says

  function update(component) {
    data = component.data
    words = data.words
    send = component.setTriggerValue
    format = formats(words.lang)
    drop.lang = words.lang
    drop.classList.toggle("compact", data.compact)
    input.accept = data.accept.join(",")
    $(".title").textContent = words.title
    $(".hint").textContent = words.hint
    choose.textContent = words.choose
    $(".limit").textContent = fill(words.limit, { size: format.bytes(data.limit_bytes) })
    if (data.ticket !== seenTicket) {
      seenTicket = ticket = data.ticket
      clearTimeout(renewal)
      renewal = null
      entries.filter((entry) => entry.stage === "delivered").forEach(forget)
    }
    entries.forEach(draw)
    next()
  }

  function stop() {
    unmount.abort()
    clearTimeout(renewal)
    active?.request.abort()
  }

  // Files come in

  function add(chosen) {
    entries.filter((entry) => entry.stage === "delivered").forEach(forget)
    const added = [...chosen].map((file) => ({ file, name: file.name, sent: 0, stage: "waiting", code: null }))
    for (const entry of added) {
      const refusal = refusalOf(entry.file)
      if (refusal) Object.assign(entry, { stage: "failed", code: refusal, final: true })
      entries.push(entry)
      entry.row = row(entry)
      files.append(entry.row.item)
      draw(entry)
    }
    const started = fill(words.announce_started, { total: format.number(added.length) })
    const refusals = added.filter(({ code }) => code).map((entry) => `${entry.name}: ${errorText(entry)}`)
    if (added.length) announce([started, ...refusals].join(". "))
    next()
  }

  function refusalOf(file) {
    const name = file.name.toLowerCase()
    if (data.accept.length && !data.accept.some((ending) => name.endsWith(ending))) return "type"
    return file.size > data.limit_bytes ? "file_too_large" : null
  }

  // Files go out

  function next() {
    summarise()
    if (active) return
    const entry = entries.find(({ stage }) => stage === "waiting")
    if (!entry) deliver()
    else if (ticket) put(entry)
    else renew()
  }

  function renew() {
    if (renewal) return
    send("renew", Date.now())
    renewal = setTimeout(() => {
      renewal = null
      entries.filter(({ stage }) => stage === "waiting").forEach((entry) => fail(entry, "network"))
      next()
    }, RENEWAL_MS)
  }

  function put(entry) {
    const request = new XMLHttpRequest()
    const name = encodeURIComponent([...entry.name].slice(-NAME_CHARACTERS).join("").toWellFormed())
    active = Object.assign(entry, { request, stage: "sending", sent: 0, code: null })
    request.open("PUT", `${serverRoot(data.base)}upload/${ticket}?name=${name}`)
    request.setRequestHeader("Content-Type", "application/octet-stream")
    request.upload.onprogress = ({ loaded }) => {
      entry.sent = loaded
      draw(entry)
    }
    request.onload = () => answered(entry, answerOf(request))
    request.onerror = () => answered(entry, { error: "network" })
    request.onabort = () => answered(entry, { error: "cancelled" })
    ticket = null
    request.send(entry.file)
    draw(entry)
  }

  function answered(entry, answer) {
    active = null
    ticket = answer.ticket ?? ticket
    if (answer.file) {
      Object.assign(entry, { id: answer.file, stage: "received", sent: entry.file.size })
    } else if (answer.error === "cancelled") {
      forget(entry)
    } else if (isTicketError(answer.error) && !entry.renewed) {
      Object.assign(entry, { stage: "waiting", renewed: true })
    } else {
      fail(entry, answer.error)
    }
    draw(entry)
    if (!unmount.signal.aborted) next()
  }

  function fail(entry, code) {
    Object.assign(entry, { stage: "failed", code, renewed: false })
    draw(entry)
    announce(`${entry.name}: ${errorText(entry)}`)
  }

  function deliver() {
    const arrived = entries.filter(({ stage }) => stage === "received")
    if (!arrived.length) return
    for (const entry of arrived) entry.stage = "delivered"
    send("arrived", arrived.map(({ id, name, file }) => ({ file: id, name, size: file.size })))
    announce(fill(words.announce_ended, tally()))
  }

  // What the reader sees

  function row(entry) {
    const item = element("li", "file")
    const parts = {
      item,
      name: element("span", "name", entry.name),
      size: element("span", "size"),
      stage: element("span", "stage"),
      bar: element("div", "bar"),
      fill: element("div", "fill"),
      error: element("p", "error"),
      retry: element("button", "retry"),
      remove: element("button", "remove"),
    }
    parts.name.title = entry.name
    parts.bar.setAttribute("role", "progressbar")
    parts.bar.setAttribute("aria-label", entry.name)
    parts.bar.append(parts.fill)
    parts.retry.type = parts.remove.type = "button"
    parts.retry.onclick = () => {
      Object.assign(entry, { stage: "waiting", code: null })
      draw(entry)
      parts.remove.focus()
      next()
    }
    parts.remove.onclick = () => {
      if (entry === active) entry.request.abort()
      else forget(entry)
      choose.focus()
      next()
    }
    const line = element("div", "line")
    line.append(parts.name, parts.stage, parts.size, parts.retry, parts.remove)
    item.append(line, parts.bar, parts.error)
    return parts
  }

  function draw(entry) {
    const { row, stage } = entry
    const share = entry.file.size ? Math.min(entry.sent / entry.file.size, 1) : Number(stage !== "waiting")
    const isDone = stage === "received" || stage === "delivered"
    row.item.dataset.stage = isDone ? "received" : stage
    row.size.textContent = format.bytes(entry.file.size)
    row.size.hidden = stage === "sending"
    row.stage.textContent = stageText(entry, share)
    row.error.textContent = stage === "failed" ? errorText(entry) : ""
    row.fill.style.inlineSize = `${100 * share}%`
    row.bar.setAttribute("aria-valuenow", Math.round(100 * share))
    row.bar.hidden = stage === "failed"
    row.retry.textContent = words.retry
    row.retry.setAttribute("aria-label", `${words.retry}: ${entry.name}`)
    row.retry.hidden = stage !== "failed" || Boolean(entry.final)
    row.remove.textContent = "✕"
    row.remove.hidden = isDone
    row.remove.title = fill(stage === "failed" ? words.remove : words.cancel, { name: entry.name })
    row.remove.setAttribute("aria-label", row.remove.title)
  }

  function stageText(entry, share) {
    if (entry.stage === "failed") return ""
    if (entry.stage === "waiting") return words.waiting
    if (entry.stage !== "sending") return words.received
    const [sent, size] = [format.bytes(share * entry.file.size), format.bytes(entry.file.size)]
    return fill(words.sending, { percent: format.percent(share), sent, size })
  }

  function errorText({ code }) {
    const known = isTicketError(code) ? words.error_ticket : words[`error_${code}`]
    return fill(known ?? words.error_failed, {
      size: format.bytes(data.limit_bytes),
      types: data.accept.join(", "),
    })
  }

  function summarise() {
    files.hidden = !entries.length
    summary.hidden = entries.length < 2 || entries.every(({ stage }) => stage === "failed")
    summary.textContent = fill(words.summary, tally())
  }

  function tally() {
    const done = entries.filter(({ id }) => id).length
    return { done: format.number(done), total: format.number(entries.length) }
  }

  function forget(entry) {
    entry.row.item.remove()
    if (entries.includes(entry)) entries.splice(entries.indexOf(entry), 1)
    summarise()
  }

  function announce(text) {
    live.textContent = text
  }

  // The browser's events. A file let go beside the area must not replace the app, so the whole window listens.

  const listen = (target, type, react) => target.addEventListener(type, react, { signal: unmount.signal })
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files")
  let dragEnd = null

  choose.onclick = () => input.click()
  input.onchange = () => {
    add(input.files)
    input.value = ""
  }
  $(".area").onclick = (event) => event.target !== choose && input.click()
  listen(window, "dragover", (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    const isOver = event.composedPath().includes(drop)
    event.dataTransfer.dropEffect = isOver ? "copy" : "none"
    drop.classList.add("dragging")
    drop.classList.toggle("over", isOver)
    $(".title").textContent = words.dragging
    // The window gets no dragleave that can be relied on; dragover repeats while files hover.
    clearTimeout(dragEnd)
    dragEnd = setTimeout(calm, 250)
  })
  listen(window, "drop", async (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    calm()
    if (event.composedPath().includes(drop)) add(await filesOf(event.dataTransfer))
  })
  listen(window, "beforeunload", (event) => active && event.preventDefault())

  function calm() {
    clearTimeout(dragEnd)
    drop.classList.remove("dragging", "over")
    $(".title").textContent = words.title
  }

  return { update, stop }
}

// A dropped folder stands for the files in it.
async function filesOf({ items, files }) {
  const found = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean)
  return found.length ? (await Promise.all(found.map(filesUnder))).flat() : [...files]
}

async function filesUnder(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))]
  const reader = entry.createReader()
  const children = []
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    if (!some.length) break
    children.push(...some.filter(({ name }) => !name.startsWith(".")))
  }
  return (await Promise.all(children.map(filesUnder))).flat()
}

function answerOf(request) {
  try {
    const answer = JSON.parse(request.responseText)
    return answer.file || answer.error ? answer : { error: "failed" }
  } catch {
    return { error: "failed" }
  }
}

function isTicketError(code) {
  return ["ticket_unknown", "ticket_expired", "wrong_browser"].includes(code)
}

// The bundle was loaded from the server's root, also behind a proxy that hides its prefix from the server; a deep link
// such as /explore says nothing about it.
function serverRoot(base) {
  const isBundle = ({ name }) => name.startsWith(location.origin) && name.includes("/static/js/")
  const bundle = performance.getEntriesByType("resource").find(isBundle)
  return bundle ? bundle.name.split("static/js/")[0] : `${location.origin}/${base ? `${base}/` : ""}`
}

function element(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text })
}

function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

function formats(lang) {
  const number = new Intl.NumberFormat(lang)
  const percent = new Intl.NumberFormat(lang, { style: "percent" })
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"]
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(Math.floor(share * 100) / 100),
    bytes: (value) => {
      const power = Math.min(Math.floor(Math.log(Math.max(value, 1)) / Math.log(1024)), 3)
      const amount = value / 1024 ** power
      const digits = power && amount < 100 ? 1 : 0
      const options = { style: "unit", unit: units[power], unitDisplay: power ? "short" : "long" }
      return new Intl.NumberFormat(lang, { ...options, maximumFractionDigits: digits }).format(amount)
    },
  }
}
