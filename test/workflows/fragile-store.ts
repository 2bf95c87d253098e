import type { Store } from '../../store/open-store.ts'
import { StoreUnavailable } from '../../store/store-error.ts'

/** A store that can be away for the orders that say so. */
export interface FragileStore extends Store {
  /** From now on nothing is written for this order, until it is back. */
  away(orderNo: string): void
  /** From now on it does not even answer, until it is back. */
  hangs(orderNo: string): void
  back(orderNo: string): void
}

export function fragile(store: Store): FragileStore {
  const unreachable = new Set<string>()
  const hanging = new Map<string, PromiseWithResolvers<void>>()
  const reach = async (orderNo: string | null): Promise<void> => {
    if (orderNo === null) return
    await hanging.get(orderNo)?.promise
    if (unreachable.has(orderNo)) throw new StoreUnavailable('the test has taken it away')
  }
  return {
    ...store,
    away: orderNo => void unreachable.add(orderNo),
    hangs: orderNo => void hanging.set(orderNo, Promise.withResolvers()),
    back: orderNo => {
      unreachable.delete(orderNo)
      hanging.get(orderNo)?.resolve()
      hanging.delete(orderNo)
    },
    append: async (batch, project) => {
      await reach(batch.orderNo)
      return store.append(batch, project)
    },
    insertNotices: async notices => {
      for (const { orderNo } of notices) await reach(orderNo)
      return store.insertNotices(notices)
    },
  }
}
