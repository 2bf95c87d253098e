/**
 * Tests that mostly wait, all begun together: each still passes or fails by itself. They must not share an order.
 */
export function sideBySide(tests: Readonly<Record<string, () => Promise<void>>>): void {
  const running = new Map<string, Promise<void>>()
  before('begin these tests together', () => {
    for (const [title, test] of Object.entries(tests)) {
      const run = test()
      // Reported by the test itself.
      run.catch(() => {})
      running.set(title, run)
    }
  })
  for (const title of Object.keys(tests)) it(title, () => running.get(title))
}
