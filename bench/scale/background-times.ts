import type { Store } from '../../store/open-store.ts'

export interface BackgroundTimes {
  readonly name: string
  readonly ms: readonly number[]
}

const times = 20

/** What the sweep asks of the store every five seconds, and the watchdog every thirty. */
export async function backgroundTimes(store: Store, log: (line: string) => void): Promise<readonly BackgroundTimes[]> {
  const now = new Date().toISOString()
  const all: Readonly<Record<string, () => Promise<unknown>>> = {
    'watchdog: late orders': () => store.overdueClock(now),
    'watchdog: grave exceptions': () => store.graveExceptions('undelivered', 1_000),
    'sweep: orders not started': () => store.unstarted(5_000, 100),
    'sweep: parked facts': () => store.ordersWithParkedFacts(now, 100),
    'sweep: late facts': () => store.lateFacts(100),
    'sweep: facts of no order': () => store.orphanedFacts(100),
    'sweep: exceptions due': () => store.organisationsWithDueExceptions(now),
    'sweep: journals to seal': () => store.sealJournals(now),
    'sweep: counts of closed orders': () => store.addUpClosedOrders(),
    'outbox: what is due': () => store.claimMessage(now, now, () => []),
  }
  const measured: BackgroundTimes[] = []
  for (const [name, ask] of Object.entries(all)) {
    const ms: number[] = []
    for (let time = 0; time < times; time += 1) {
      const begun = performance.now()
      await ask()
      ms.push(performance.now() - begun)
    }
    measured.push({ name, ms })
    log(`${name}: ${Math.max(...ms).toFixed(1)} ms at most`)
  }
  return measured
}
