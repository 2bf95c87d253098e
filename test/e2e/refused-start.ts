import assert from 'node:assert/strict'
import { once } from 'node:events'
import { processTree } from './process-tree.ts'
import { newPlace, type RunningNolimbo, spawnUp, untilGone } from './running-nolimbo.ts'

/** One clear message, exit code 1, nothing left running, and the one that runs is not disturbed. */
export async function refuseSecondStart(nolimbo: RunningNolimbo): Promise<void> {
  const { ports } = nolimbo.place
  const free = await newPlace()
  const taken = [
    [
      /already running on the data folder .*\(kill \d+\), or set NOLIMBO_DATA/,
      { ...free, folder: nolimbo.place.folder },
    ],
    [
      /Port \d+ for the Temporal server is taken .* TEMPORAL_PORT/,
      { ...free, ports: { ...free.ports, temporal: ports.temporal } },
    ],
  ] as const
  for (const [expected, place] of taken) {
    const { child, lines } = await spawnUp(place)
    const pids = processTree(child.pid!)
    const [code] = await once(child, 'close')
    const said = lines.filter(line => line !== '')
    assert.equal(said.length, 1, said.join('\n'))
    assert.match(said[0]!, expected)
    assert.equal(code, 1)
    await untilGone(pids, 0)
  }
  assert.equal((await nolimbo.ask('', 'GET', '/readyz')).status, 200)
}
