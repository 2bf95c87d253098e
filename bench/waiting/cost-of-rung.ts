import { setTimeout as pause } from 'node:timers/promises'
import { costOfHistory } from '../floor/cost-of-history.ts'
import { type OrderDesk, salesReminding, type WaitingStep } from '../floor/order-desk.ts'

/** What a rung adds to the history of an order that waits, by real histories. */
export interface CostOfRung {
  readonly events: number
  readonly actions: number
}

const [rungAfterS, restMs] = [8, 6_000] as const
const orders = 3

/** The cheapest of a few, each looked at before its first rung and after. */
export async function costOfRung(desk: OrderDesk, step: WaitingStep): Promise<CostOfRung> {
  const definition = salesReminding(step, rungAfterS)
  const costs = await Promise.all(
    Array.from({ length: orders }, async (_, index) => {
      const handle = await desk.place(`R-${step}-${index}`, definition)
      await pause(restMs)
      const before = await costOfHistory(handle)
      await pause(rungAfterS * 1000)
      const after = await costOfHistory(handle)
      return { events: after.events - before.events, actions: after.actions - before.actions }
    }),
  )
  return costs.sort((a, b) => a.events - b.events)[0]!
}
