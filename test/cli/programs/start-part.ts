/**
 * Starts one part, as `npm start` does, prints its pid once it is up and stays:
 * `node start-part.ts <dataFolder> <PartSpec as JSON>`. A guarded part is up when it writes `up`, an own one when it sends anything.
 */
import { startRunningRecord } from '../../../cli/running.ts'
import { spawnPart } from '../../../cli/spawn-part.ts'

const [dataFolder, spec] = process.argv.slice(2)
const up = Promise.withResolvers<unknown>()
const part = await spawnPart({
  ...JSON.parse(spec!),
  running: startRunningRecord(dataFolder!),
  onLine: up.resolve,
  onMessage: up.resolve,
})
await up.promise
console.log(part.pid)
