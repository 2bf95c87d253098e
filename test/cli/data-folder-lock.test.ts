import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { lockDataFolder } from '../../cli/data-folder-lock.ts'
import { killChildren, startAndReadLine } from './child.ts'
import { tempFolderPerTest } from './temp-folder.ts'

const LOCK_FOLDER = join(import.meta.dirname, 'programs/lock-folder.ts')

describe('data folder lock', () => {
  const folder = tempFolderPerTest()
  afterEach(killChildren)

  it('[I] refuses a second process and names the first', async () => {
    const { child } = await startAndReadLine(process.execPath, [LOCK_FOLDER, folder()])
    assert.throws(
      () => lockDataFolder(folder()),
      ({ message }: Error) =>
        message.includes(`process ${child.pid} has it`) &&
        message.includes(folder()) &&
        message.includes('NOLIMBO_DATA'),
    )
  })

  it('[I] is free again at once when its holder was killed with -9', async () => {
    const { child } = await startAndReadLine(process.execPath, [LOCK_FOLDER, folder()])
    child.kill('SIGKILL')
    await once(child, 'exit')
    lockDataFolder(folder()).release()
  })

  it('[I] can be taken again after its release', () => {
    lockDataFolder(folder()).release()
    lockDataFolder(folder()).release()
  })
})
