import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow'

/**
 * ONE timer, at the nearest deadline. An earlier one may be left to fire for nothing, where that is cheaper than to
 * cancel it and start anew: when it has most of the way still to go, and the order will likely have moved on by then.
 */
export class DeadlineTimer {
  private scope: CancellationScope | undefined
  private firesAtMs = 0
  private wantedAtMs: number | undefined
  private readonly fire: () => void

  constructor(fire: () => void) {
    this.fire = fire
  }

  /** Null: nothing is due. */
  set(deadline: string | null): void {
    const wantedAtMs = deadline === null ? undefined : Date.parse(deadline)
    this.wantedAtMs = wantedAtMs
    if (wantedAtMs === undefined) return
    if (this.scope !== undefined) {
      const left = this.firesAtMs - Date.now()
      const mayStay = this.firesAtMs <= wantedAtMs && left >= (wantedAtMs - Date.now()) / 2
      if (mayStay) return
      this.scope.cancel()
    }
    void this.start(wantedAtMs)
  }

  private async start(atMs: number): Promise<void> {
    const scope = new CancellationScope({ cancellable: true })
    this.scope = scope
    this.firesAtMs = atMs
    try {
      await scope.run(() => sleep(Math.max(1, atMs - Date.now())))
    } catch (error) {
      if (isCancellation(error)) return
      throw error
    }
    if (this.scope !== scope) return
    this.scope = undefined
    const wanted = this.wantedAtMs
    if (wanted === undefined) return
    if (wanted <= Date.now()) this.fire()
    else void this.start(wanted)
  }
}
