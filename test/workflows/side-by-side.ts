/**
 * Tests that mostly wait, all begun together, or so many at once: each still passes or fails by itself. They must not
 * share an order.
 */
export function sideBySide(
  tests: Readonly<Record<string, () => Promise<void>>>,
  atOnce: number = Number.POSITIVE_INFINITY,
): void {
  const left = Object.entries(tests).map(([title, test]) => ({ title, test, ...Promise.withResolvers<void>() }))
  const runs = new Map(left.map(({ title, promise }) => [title, promise]))
  before('begin these tests together', () => {
    const goOn = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const { test, promise, resolve, reject } = next
        // Reported by the test itself.
        promise.catch(() => {})
        await test().then(resolve, reject)
      }
    }
    for (let running = 0; running < atOnce && left.length > 0; running += 1) void goOn()
  })
  for (const title of Object.keys(tests)) it(title, () => runs.get(title))
}
