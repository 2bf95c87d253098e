/**
 * Where the events of an order go: `node bench/history.ts`. Prints, workflow task by workflow task, the history of an
 * order of nolimbo, of one with runs, and of the floor, each of which really waits between its inputs.
 */
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { findTemporal } from '../cli/temporal/find-temporal.ts'
import { startTemporal } from '../cli/temporal/start-temporal.ts'
import { play, waitMs } from './floor/compare.ts'
import { Captured } from './floor/contender.ts'
import { costOfHistory } from './floor/cost-of-history.ts'
import { floorContender } from './floor/floor-contender.ts'
import { historyLines } from './floor/history-lines.ts'
import { nolimboContender } from './floor/nolimbo-contender.ts'

const program = await findTemporal({ dataFolder: join(import.meta.dirname, '../.nolimbo') })
const server = await startTemporal({ executable: program.path, port: 0, uiPort: 'none', onLine: () => {} })
const connection = await Connection.connect({ address: server.address })
const captured = new Captured()
const surroundings = {
  address: server.address,
  client: new Client({ connection, namespace: server.namespace }),
  captured,
}
try {
  for (const contend of [
    () => nolimboContender({ ...surroundings, runs: false }),
    () => nolimboContender({ ...surroundings, runs: true }),
    () => floorContender('floor', surroundings),
  ]) {
    const contender = await contend()
    try {
      const { handle } = await play(contender, captured, `${contender.name.replaceAll(' ', '-')}-1`, waitMs.counted)
      const { events, tasks, actions, bytes } = await costOfHistory(handle)
      console.log(`${contender.name}: ${events} events, ${tasks} workflow tasks, ${actions} actions, ${bytes} bytes`)
      for (const line of historyLines((await handle.fetchHistory()).events ?? [])) console.log(`  ${line}`)
    } finally {
      await contender.stop()
    }
  }
} finally {
  await connection.close()
  await server.stop()
}
