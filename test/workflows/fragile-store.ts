import { openStore, type Store } from '../../store/open-store.ts'
import { StoreUnavailable } from '../../store/store-error.ts'

let opened: Promise<Store> | undefined

/** One embedded PostgreSQL for all tests of workflows. */
function sharedStore(): Promise<Store> {
  opened ??= openStore({ dataFolder: 'memory://' })
  return opened
}

/** A store that can be away for the orders that say so. */
export interface FragileStore extends Store {
  /** From now on nothing is written for this order, until it is back. */
  away(orderNo: string): void
  back(orderNo: string): void
}

export async function fragileStore(): Promise<FragileStore> {
  const store = await sharedStore()
  const unreachable = new Set<string>()
  const reach = (orderNo: string | null): void => {
    if (orderNo !== null && unreachable.has(orderNo)) throw new StoreUnavailable('the test has taken it away')
  }
  return {
    ...store,
    away: orderNo => void unreachable.add(orderNo),
    back: orderNo => void unreachable.delete(orderNo),
    append: async (batch, project) => {
      reach(batch.orderNo)
      return store.append(batch, project)
    },
    insertNotices: async notices => {
      for (const { orderNo } of notices) reach(orderNo)
      return store.insertNotices(notices)
    },
  }
}

after('close the store of the workflows', async () => {
  await (await opened)?.close()
})
