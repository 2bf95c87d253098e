import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { findTemporal } from '../../cli/temporal/find-temporal.ts'
import { startTemporal } from '../../cli/temporal/start-temporal.ts'
import { openStore } from '../../store/open-store.ts'
import { bundleWorkflows } from '../../worker/start-worker.ts'
import { World } from '../workflows/world.ts'
import { folder, namesOf, toText } from './history-files.ts'
import { scenarios } from './scenarios.ts'

/*
 * `npm run record-histories [-- --force] [scenario ...]`: plays the scenarios on a server of its own and stores their
 * histories. A history that is there already stays, unless --force says that running orders of today's code may break.
 */

const isForced = process.argv.includes('--force')
const asked = process.argv.slice(2).filter(word => !word.startsWith('--'))
const unknown = asked.filter(name => scenarios[name] === undefined)
if (unknown.length > 0) throw new Error(`no such scenario: ${unknown.join(', ')}`)

const isStored = (name: string): boolean => existsSync(join(folder, `${name}.json`))
const chosen = Object.entries(scenarios).filter(([name]) => asked.length === 0 || asked.includes(name))
const wanted = isForced ? chosen : chosen.filter(([name, scenario]) => !namesOf(name, scenario).every(isStored))
if (wanted.length < chosen.length) {
  console.log(`${chosen.length - wanted.length} scenarios have their histories; --force records them anew`)
}

const { path } = await findTemporal({ dataFolder: join(import.meta.dirname, '../../.nolimbo') })
const server = await startTemporal({ executable: path, port: 0, uiPort: 'none', onLine: () => {} })
const connection = await Connection.connect({ address: server.address })
const store = await openStore({ dataFolder: 'memory://' })
const client = new Client({ connection, namespace: server.namespace })
const world = new World({ address: server.address, client, store, bundle: await bundleWorkflows() })
await world.startWorker()
try {
  await Promise.all(wanted.map(([name]) => record(name)))
  removeStrangers()
} finally {
  await world.stopWorker()
  await connection.close()
  await store.close()
  await server.stop()
}

async function record(name: string): Promise<void> {
  const scenario = scenarios[name]!
  const order = await scenario.play(world)
  const status = await order.closed()
  const runs = await order.historiesOfRuns()
  const names = namesOf(name, scenario)
  if (runs.length !== names.length) throw new Error(`${name} has ${runs.length} runs instead of ${names.length}`)
  runs.forEach((events, index) => {
    const text = toText({ events: [...events] })
    writeFileSync(join(folder, `${names[index]}.json`), text)
    console.log(`${names[index]}: ${events.length} events, ${(text.length / 1024).toFixed(0)} KB, ${status}`)
  })
}

/** A history whose scenario is no more. */
function removeStrangers(): void {
  const names = Object.entries(scenarios).flatMap(([name, scenario]) => namesOf(name, scenario))
  for (const file of readdirSync(folder)) {
    if (!isForced || names.some(name => file === `${name}.json`)) continue
    rmSync(join(folder, file))
    console.log(`${file} removed: it has no scenario`)
  }
}
