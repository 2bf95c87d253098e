import assert from 'node:assert/strict'
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LivingProcess, livingProcess } from '../../cli/process-identity.ts'

const started: ChildProcess[] = []

/** Runs a command that `killChildren` ends at the latest, and reads the first line that it prints. */
export const startAndReadLine = async (command: string, args: readonly string[], options: SpawnOptions = {}) => {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  const [line] = await once(createInterface({ input: child.stdout! }), 'line')
  return { child, line: line as string }
}

export const killChildren = (): void => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
}

/** Waits until nothing with this pid lives; fails after `withinMs`. */
export const assertGone = async (pid: number, withinMs: number): Promise<void> => {
  const giveUpAt = performance.now() + withinMs
  while (livingProcess(pid) !== undefined) {
    assert.ok(performance.now() < giveUpAt, `process ${pid} still lives after ${withinMs} ms`)
    await sleep(20)
  }
}

export const assertLives = (pid: number): LivingProcess => {
  const living = livingProcess(pid)
  assert.ok(living, `process ${pid} does not live`)
  return living
}
