/** What an expression may look at. Plain JSON; money in minor units of the order's currency. */
export interface ExpressionContext {
  readonly order: {
    readonly orderNo: string
    readonly organisation: string
    readonly currency: string
    readonly exponent: number
    readonly totalMinor: number
    readonly lines: readonly ExpressionLine[]
    readonly attributes: Readonly<Record<string, unknown>>
    /** What is said of the customer beyond id and name: under `attributes`, or else beside them. */
    readonly customer: { readonly id: string; readonly name: string; readonly [more: string]: unknown }
  }
  /** Only in permission conditions: who asks, who placed the order, and the step that the command is about. */
  readonly actor?: { readonly id: string; readonly roles: readonly string[]; readonly organisation: string }
  readonly placedBy?: string
  /** Of an amend: what the order would cost, and by how much that differs from now. Else as it is, and nothing. */
  readonly amended?: { readonly totalMinor: number; readonly changeMinor: number }
  /** Of `confirm` and `decline`: who asked for what is to be confirmed; absent: nobody, as an empty text. */
  readonly asked?: string
  /** `id` and `owner` are empty where the command is about no step; `mine`: the actor is its owner, or has its role. */
  readonly step?: { readonly id: string; readonly owner: string; readonly mine: boolean }
}

export interface ExpressionLine {
  readonly sku: string
  readonly quantity: number
  readonly unitPriceMinor: number
}

/** Where an expression is written: a step's `when`, or the `when` of a row of the permission matrix. */
export type ExpressionKind = 'entry' | 'permission'
