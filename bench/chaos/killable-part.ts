import { setTimeout as pause } from 'node:timers/promises'
import type { Part } from '../../cli/spawn-part.ts'
import { processTree } from '../../test/e2e/process-tree.ts'

/** A process that is killed and brought back, again and again. */
export class KillablePart {
  readonly name: string
  readonly #spawn: () => Promise<Part>
  readonly #ready: () => Promise<void>
  #part: Part | undefined
  #isWanted = false
  /** How often it has ended by itself. */
  ownEnds = 0

  constructor(name: string, spawn: () => Promise<Part>, ready: () => Promise<void>) {
    this.name = name
    this.#spawn = spawn
    this.#ready = ready
  }

  async start(): Promise<void> {
    this.#isWanted = true
    this.#part = await this.#spawn()
    this.#keep(this.#part)
    await this.#ready()
  }

  /** Of the program, while it runs. */
  get pid(): number {
    if (this.#part === undefined) throw new Error(`${this.name} does not run`)
    return this.#part.pid
  }

  /** SIGKILL to it and all of its own; brought back at once. */
  async kill(): Promise<void> {
    if (this.#part === undefined) return
    await this.end()
    await this.start()
  }

  /** SIGKILL to it and all of its own; it stays away until it is started. */
  async end(): Promise<void> {
    const part = this.#part
    if (part === undefined) return
    this.#isWanted = false
    for (const pid of processTree(part.pid)) signal(pid, 'SIGKILL')
    await part.ended
    this.#part = undefined
  }

  /** Stands still for so long, and goes on. */
  async pause(ms: number): Promise<void> {
    const pids = this.#part === undefined ? [] : processTree(this.#part.pid)
    for (const pid of pids) signal(pid, 'SIGSTOP')
    await pause(ms)
    for (const pid of pids) signal(pid, 'SIGCONT')
  }

  async stop(): Promise<void> {
    this.#isWanted = false
    await this.#part?.stop()
  }

  /** As a supervisor does: what ends by itself is started again. */
  #keep(part: Part): void {
    void part.ended.then(async () => {
      while (this.#isWanted && this.#part === part) {
        this.ownEnds += 1
        await pause(300)
        if (!this.#isWanted) return
        this.#part = undefined
        await this.start().catch(() => {})
      }
    })
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
