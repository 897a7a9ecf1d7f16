// Copies the address of a view. All words come from Python.

const ANSWER_MS = 2000
const answers = new WeakMap()

export default function ({ parentElement: root, data }) {
  const $ = (selector) => root.querySelector(selector)
  const [copy, caption, address, live] = [$(".copy"), $(".caption"), $(".address"), $(".live")]
  const { words, path, query, base } = data
  const link = `${serverRoot(base)}${path}${query ? `?${query}` : ""}`

  // A rerun while "Copied" stands must leave it standing; another link must not be called copied.
  if (answers.get(root)?.link !== link) calm()
  copy.onclick = async () => {
    if (await copied(link)) return answer(words.copied)
    address.hidden = false
    address.value = link
    address.setAttribute("aria-label", words.manual)
    address.title = live.textContent = words.manual
    address.focus()
    address.select()
  }
  address.onblur = () => {
    address.hidden = true
  }
  return () => clearTimeout(answers.get(root)?.timer)

  function answer(text) {
    clearTimeout(answers.get(root)?.timer)
    caption.textContent = live.textContent = text
    copy.classList.add("done")
    answers.set(root, { link, timer: setTimeout(calm, ANSWER_MS) })
  }

  function calm() {
    clearTimeout(answers.get(root)?.timer)
    answers.delete(root)
    caption.textContent = words.copy
    live.textContent = ""
    copy.classList.remove("done")
  }
}

// The clipboard API needs https or localhost; the old command works on plain http hosts too.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copiedByCommand(text)
  }
}

function copiedByCommand(text) {
  const holder = Object.assign(document.createElement("textarea"), { value: text, readOnly: true })
  holder.style.cssText = "position: fixed; opacity: 0"
  const focused = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement
  document.body.append(holder)
  try {
    holder.select()
    return document.execCommand("copy")
  } catch {
    return false
  } finally {
    holder.remove()
    focused?.focus()
  }
}

// See drop.js: where the bundle came from is the server's root, whatever the page's own address.
function serverRoot(base) {
  const isBundle = ({ name }) => name.startsWith(location.origin) && name.includes("/static/js/")
  const bundle = performance.getEntriesByType("resource").find(isBundle)
  return bundle ? bundle.name.split("static/js/")[0] : `${location.origin}/${base ? `${base}/` : ""}`
}
