/*
 * What the test files of a process share. The processes of `npm test` (MOCHA_WORKER_ID) are handed one file after the
 * other and never know which is the last: what they share is prepared before (`prepare.ts`), and ends with them.
 */

const isOneOfSeveral = process.env.MOCHA_WORKER_ID !== undefined

export function beforeAllFiles(title: string, timeoutMs: number, prepare: () => Promise<void>): void {
  if (isOneOfSeveral) return
  before(title, async function () {
    this.timeout(timeoutMs)
    await prepare()
  })
}

export function afterAllFiles(title: string, close: () => Promise<void>): void {
  if (isOneOfSeveral) return
  after(title, async function () {
    this.timeout(30_000)
    await close()
  })
}
