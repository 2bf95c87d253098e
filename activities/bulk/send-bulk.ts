import { setTimeout as pause } from 'node:timers/promises'
import { Context } from '@temporalio/activity'
import type { CommandDependencies } from '../../commands/command-dependencies.ts'
import type { BulkResult } from '../../domain/bulk/bulk.ts'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import type { BulkRow } from '../../store/bulks.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import type { BulkActivities } from '../contract.ts'
import type { ActivityDependencies } from '../create-activities.ts'
import { askOrder } from './ask-order.ts'
import { askerToday } from './asker-today.ts'

type Needed = Pick<ActivityDependencies, 'store' | 'orders' | 'directory' | 'catalogue'>

/** Orders that are waited for at the same time. */
const atOnce = 20
/** In so many slices an order may leave it open whether it has done what it was asked. */
const mostTries = 3
/** A slice that falls behind its pace ends all the same. */
const patience = 1.5

/** Sends what is left, at most as fast as was asked for, until the slice is over or there is a reason to stop. */
export function sendBulk(deps: Needed): BulkActivities['bulk.send'] {
  return async ({ organisation, id, sliceMs }) => {
    const key = { organisation, id }
    const context = Context.current()
    const bulk = await deps.store.touchBulk(key, new Date().toISOString())
    if (bulk === null) throw new Error(`there is no bulk ${id}`)
    const orderNos = await deps.store.nextOfBulk(key, Math.max(1, Math.floor((bulk.perSecond * sliceMs) / 1000)))
    const beat = setInterval(() => context.heartbeat(), 1000)
    try {
      await sendAll(deps, bulk, orderNos, sliceMs * patience, context.cancellationSignal)
    } finally {
      clearInterval(beat)
    }
    const counts = await deps.store.countBulk(key)
    const left = counts.find(({ outcome }) => outcome === null)?.count ?? 0
    const isRunning = (await deps.store.getBulk(key))?.state === 'running'
    return { left, goesOn: left > 0 && isRunning }
  }
}

async function sendAll(
  deps: Needed,
  bulk: BulkRow,
  orderNos: readonly string[],
  atMostMs: number,
  signal: AbortSignal,
): Promise<void> {
  const endsAt = performance.now() + atMostMs
  const underWay = new Set<Promise<void>>()
  let failure: unknown
  for (const orderNo of orderNos) {
    while (underWay.size >= atOnce) await Promise.race(underWay)
    if (signal.aborted || failure !== undefined || performance.now() > endsAt) break
    if ((await deps.store.getBulk(bulk))?.state !== 'running') break
    const begunAt = performance.now()
    const one = sendOne(deps, bulk, orderNo)
      .catch(error => {
        failure ??= error
      })
      .finally(() => underWay.delete(one))
    underWay.add(one)
    // After the last one, too: the next slice begins with another.
    const gapMs = 1000 / bulk.perSecond - (performance.now() - begunAt)
    if (gapMs > 0) await pause(Math.ceil(gapMs), undefined, { signal }).catch(() => {})
  }
  await Promise.all(underWay)
  if (failure !== undefined) throw failure
}

async function sendOne(deps: Needed, bulk: BulkRow, orderNo: string): Promise<void> {
  const result = await resultOf(deps, bulk, orderNo)
  if (result !== undefined) await deps.store.recordOfBulk(bulk, orderNo, result, new Date().toISOString())
}

/** Undefined: it is to be tried again, in another slice. */
async function resultOf(deps: Needed, bulk: BulkRow, orderNo: string): Promise<BulkResult | undefined> {
  try {
    const directory = await deps.directory()
    const keysOf = deps.store.keysOfService
    const asker = await askerToday(bulk, directory, keysOf, new Date().toISOString())
    if ('gone' in asker) return { outcome: 'refused', code: 'not_permitted', message: asker.gone }
    return await askOrder(commandDependencies(deps), asker, bulk, orderNo)
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    const { log } = Context.current()
    const isAway = error instanceof OrdersUnavailable
    if (!isAway) log.error(`bulk ${bulk.id}: ${orderNo} could not be asked`, { error })
    if ((await deps.store.triedInVain(bulk, orderNo)) < mostTries) return
    const why = isAway ? error.message : 'an error of ours'
    const message = `${why}, ${mostTries} times: it is not known whether this was done`
    return { outcome: 'failed', code: isAway ? 'unavailable' : 'internal', message }
  }
}

function commandDependencies({ store, orders, catalogue, directory }: Needed): CommandDependencies {
  const { log } = Context.current()
  return {
    store,
    orders,
    catalogue,
    people: { today: async () => directory() },
    clock: () => new Date(),
    logger: { warn: (about, message) => log.warn(message, { ...about }) },
  }
}
