import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { readRunning, startRunningRecord } from '../../../cli/running.ts'
import { type StartTemporalOptions, startTemporal } from '../../../cli/temporal/start-temporal.ts'
import { temporalProgram } from '../../temporal.ts'
import { assertGone } from '../child.ts'
import { tempFolderPerTest } from '../temp-folder.ts'

describe('the local Temporal server', () => {
  const folder = tempFolderPerTest()

  const start = async (more: Partial<StartTemporalOptions> = {}) => {
    const { path } = await temporalProgram()
    return startTemporal({ executable: path, port: 0, uiPort: 0, onLine: () => {}, ...more })
  }
  const withClient = async <T>(address: string, namespace: string, use: (client: Client) => Promise<T>): Promise<T> => {
    const connection = await Connection.connect({ address })
    try {
      return await use(new Client({ connection, namespace }))
    } finally {
      await connection.close()
    }
  }

  it('[I] answers with its Web UI once started, keeps its workflows over a restart, and leaves nothing behind', async () => {
    const options = { dataFolder: folder(), namespace: 'nolimbo', running: startRunningRecord(folder()) }
    const first = await start(options)
    await withClient(first.address, 'nolimbo', client =>
      client.workflow.start('order', { workflowId: 'order/main/1', taskQueue: 'nobody' }),
    )
    assert.equal((await fetch(first.uiUrl!)).status, 200)
    assert.deepEqual(
      readRunning(folder()).map(({ pid }) => pid),
      [first.pid],
    )
    await first.stop()
    await assertGone(first.pid, 0)
    assert.deepEqual(readRunning(folder()), [])

    const second = await start(options)
    const { status } = await withClient(second.address, 'nolimbo', client =>
      client.workflow.getHandle('order/main/1').describe(),
    )
    assert.equal(status.name, 'RUNNING')
    await second.stop()
    await assertGone(second.pid, 0)
  })

  it('[I] tells when it dies', async () => {
    const server = await start({ uiPort: 'none' })
    assert.equal(server.uiUrl, undefined)
    process.kill(server.pid, 'SIGKILL')
    assert.deepEqual(await server.ended, { code: null, signal: 'SIGKILL' })
  })

  for (const [option, variable] of [
    ['port', 'TEMPORAL_PORT'],
    ['uiPort', 'TEMPORAL_UI_PORT'],
  ] as const) {
    it(`[I] refuses a ${option} that is taken, and names it and ${variable}`, async () => {
      const other = createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      const { port } = other.address() as AddressInfo
      await assert.rejects(start({ [option]: port }), ({ message }: Error) => {
        assert.match(message, new RegExp(`^Port ${port} .* is taken .* Set ${variable} `))
        return true
      })
      other.close()
    })
  }

  it('[I] shows what the program wrote when it ends instead of answering', async () => {
    await assert.rejects(
      start({ executable: process.execPath }),
      /did not start: it ended by itself \(code \d+\).*Cannot find module/s,
    )
  })

  it('[I] gives up after its time limit, and ends the program', async () => {
    const mute = join(folder(), 'mute')
    writeFileSync(mute, '#!/bin/sh\necho "mute $$"\nexec sleep 100\n', { mode: 0o755 })
    const lines: string[] = []
    await assert.rejects(
      start({ executable: mute, startTimeoutMs: 300, onLine: line => lines.push(line) }),
      /no answer from 127\.0\.0\.1:\d+ in 0\.3 s .*It wrote:\nmute \d+/s,
    )
    await assertGone(Number(lines[0]!.split(' ')[1]), 0)
  })
})
