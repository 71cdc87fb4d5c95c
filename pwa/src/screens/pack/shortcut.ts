// A key that does what a button does, so that a packer's hands stay on scanner and keyboard.
export function shortcut(key: string, act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== key || document.querySelector('dialog[open]')) return
    event.preventDefault()
    act()
  }
}
