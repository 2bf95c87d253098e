import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { usablePorts } from '../../../cli/up/usable-ports.ts'
import { readEnvironment } from '../../../config/environment.ts'

const variables = {
  PORT: 'the API',
  SANDBOX_PORT: 'the sandbox',
  TEMPORAL_PORT: 'the Temporal server',
  TEMPORAL_UI_PORT: "Temporal's Web UI",
}
const anyPorts = Object.fromEntries(Object.keys(variables).map(name => [name, '0']))

describe('the ports of a start', () => {
  let other: Server
  let taken: string
  before(async () => {
    other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    taken = String((other.address() as AddressInfo).port)
  })
  after(() => other.close())

  it('[I] that another program has are refused by name', async () => {
    for (const [variable, part] of Object.entries(variables)) {
      const environment = readEnvironment({ ...anyPorts, [variable]: taken })
      await assert.rejects(usablePorts(environment), {
        message: new RegExp(`^Port ${taken} for ${part} is taken by another program. Set ${variable} to another port`),
      })
    }
  })

  it('[I] of a Temporal that is not started may be taken', async () => {
    const elsewhere = { ...anyPorts, TEMPORAL_PORT: taken, TEMPORAL_ADDRESS: 'temporal.example.com:7233' }
    await usablePorts(readEnvironment(elsewhere))
  })

  it("[I] include one for the API that is known before it listens; the others' are found when they start", async () => {
    const { port, sandboxPort, temporal } = await usablePorts(readEnvironment(anyPorts))
    assert.ok(port > 0)
    assert.deepEqual([sandboxPort, temporal.port, temporal.uiPort], [0, 0, 0])
  })
})
