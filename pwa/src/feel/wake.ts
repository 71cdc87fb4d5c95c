// A task in hand keeps the screen lit: gloves cannot unlock a phone.

/** Keep the screen on until the returned function is called. Where the browser cannot, or will not, nothing is lost. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined
  let over = false

  async function ask(): Promise<void> {
    if (over || document.hidden || !('wakeLock' in navigator)) return
    const given = await navigator.wakeLock.request('screen').catch(() => undefined)
    if (over) void given?.release()
    else lock = given
  }
  // The lock goes when the app does, and must be asked for anew.
  const visible = (): void => void ask()
  document.addEventListener('visibilitychange', visible)
  void ask()
  return () => {
    over = true
    document.removeEventListener('visibilitychange', visible)
    void lock?.release()
  }
}
