// The keyboard's place: where a component is drawn anew the button that had it keeps it, and one that opened a drawer gets
// it back once the drawer has closed. Buttons are known by their data-focus, since a run draws new ones.

let awaited = null

function keepFocus(root, draw) {
  const place = (root.activeElement ?? document.activeElement)?.dataset?.focus
  draw()
  if (place) focusOn(root, place)
}

function focusOn(root, place) {
  root.querySelector(`[data-focus="${CSS.escape(place)}"]`)?.focus()
}

function focusAfterDrawer(root, place) {
  awaited?.disconnect()
  let isOpen = false
  awaited = new MutationObserver(() => {
    const drawer = document.querySelector("[role=dialog]")
    if (drawer) isOpen = true
    if (drawer || !isOpen) return
    awaited.disconnect()
    // whoever has gone on to something else is left there
    setTimeout(() => document.activeElement === document.body && focusOn(root, place))
  })
  awaited.observe(document.body, { childList: true, subtree: true })
}

