import { setTimeout as pause } from 'node:timers/promises'
import type { OrderDesk } from '../floor/order-desk.ts'
import { sales } from '../floor/order-desk.ts'
import type { Installation } from '../installation/start-installation.ts'
import { quantile } from '../page/figures.ts'
import { cpuBetween, type PartsCpu, partNames, partsCpu } from './part-use.ts'

/** What an order costs that goes from its start to its end while others only wait. */
export interface CostBeside {
  readonly cpuMs: PartsCpu
  readonly approveP50Ms: number
  /** From start to end, less the waits made on purpose. */
  readonly wholeP50Ms: number
}

const atOnce = 5
/** For its approval, and for its delivery. */
const restsMs = [1000, 1500] as const

/** @param count orders, few enough at once that they do not wait for each other */
export async function costBeside(
  installation: Installation,
  desk: OrderDesk,
  prefix: string,
  count: number,
): Promise<CostBeside> {
  const numbers = Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
  const [approveMs, wholeMs]: [number[], number[]] = [[], []]
  const before = partsCpu(installation)
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let orderNo = numbers.shift(); orderNo !== undefined; orderNo = numbers.shift()) {
        const begun = performance.now()
        const handle = await desk.place(orderNo, sales)
        await pause(restsMs[0])
        const asked = performance.now()
        await desk.approve(orderNo)
        approveMs.push(performance.now() - asked)
        await pause(restsMs[1])
        await desk.deliver(orderNo)
        await handle.result()
        wholeMs.push(performance.now() - begun - restsMs[0] - restsMs[1])
      }
    }),
  )
  const used = cpuBetween(before, partsCpu(installation))
  const cpuMs = Object.fromEntries(partNames.map(name => [name, used[name] / count])) as unknown as PartsCpu
  return { cpuMs, approveP50Ms: quantile(approveMs, 0.5), wholeP50Ms: quantile(wholeMs, 0.5) }
}
