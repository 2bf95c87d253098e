import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isAlive, livingProcess, livingProcessFromPs } from '../../cli/process-identity.ts'

describe('process identity', () => {
  it('[U] tells who a living process is', () => {
    const self = livingProcess(process.pid)
    assert.equal(self?.pid, process.pid)
    assert.equal(self?.parentPid, process.ppid)
    assert.equal(isAlive(self!), true)
  })

  it('[U] takes another start under the same pid for another process', () => {
    assert.equal(isAlive({ ...livingProcess(process.pid)!, startMark: 'earlier' }), false)
  })

  it('[U] asks ps where there is no /proc, and gets the same parent', () => {
    const self = livingProcessFromPs(process.pid)
    assert.equal(self?.parentPid, process.ppid)
    assert.match(self!.startMark, /\d\d:\d\d:\d\d \d{4}$/)
    assert.equal(livingProcessFromPs(2 ** 22 + 1), undefined)
  })

  it('[U] reads the name of a program that holds brackets and blanks', async () => {
    const child = spawn(process.execPath, ['-e', 'process.title = "a) S (b"; setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    })
    await once(child, 'spawn')
    assert.equal(livingProcess(child.pid!)?.parentPid, process.pid)
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(livingProcess(child.pid!), undefined)
  })
})
