import { readFileSync } from 'node:fs'
import { openStore } from '../../../store/open-store.ts'
import { type Step, type SteppingSetting, startSteppingWorker } from './stepping-worker.ts'

/* A worker that kills itself with -9 right before or right after a step: of what takes effect nobody is told. */

export interface DyingSetting extends SteppingSetting {
  readonly bundleFile: string
  readonly databaseUrl: string
  readonly dies: Death
}

export interface Death {
  readonly when: 'before' | 'after'
  readonly step: Step
  /** From 1. */
  readonly nth: number
}

process.once('disconnect', () => process.exit(0))

const setting = JSON.parse(process.env.WORKER_SETTING ?? '') as DyingSetting

const counts = new Map<Step, number>()

/** Does a step, and dies at it if it is the one. */
async function step<T>(name: Step, act: () => Promise<T>): Promise<T> {
  const nth = (counts.get(name) ?? 0) + 1
  counts.set(name, nth)
  const { dies } = setting
  const isTheOne = dies.step === name && dies.nth === nth
  if (isTheOne && dies.when === 'before') process.kill(process.pid, 'SIGKILL')
  const done = await act()
  if (isTheOne) process.kill(process.pid, 'SIGKILL')
  return done
}

const store = await openStore({ dataFolder: '', databaseUrl: setting.databaseUrl })
await startSteppingWorker(setting, { store, code: readFileSync(setting.bundleFile, 'utf8') }, step)
process.send?.('ready')
