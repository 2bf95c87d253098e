import type { WorkflowHandle } from '@temporalio/client'

/** One of those that are compared: how an order of theirs is moved. */
export interface Contender {
  readonly name: string
  start(orderNo: string): Promise<WorkflowHandle>
  approve(orderNo: string): Promise<void>
  deliver(orderNo: string): Promise<void>
  stop(): Promise<void>
}

/** What the outside systems tell whoever drives the orders: that the last call before the signing has been made. */
export class Captured {
  private readonly waiting = new Map<string, PromiseWithResolvers<void>>()

  of(orderNo: string): Promise<void> {
    return this.entry(orderNo).promise
  }

  tell(orderNo: string): void {
    this.entry(orderNo).resolve()
  }

  private entry(orderNo: string): PromiseWithResolvers<void> {
    const known = this.waiting.get(orderNo) ?? Promise.withResolvers<void>()
    this.waiting.set(orderNo, known)
    return known
  }
}
