import type { Money } from '../money/money.ts'
import type { ExpressionContext, ExpressionLine } from './expression-context.ts'

/*
 * The context as the expression library sees it. Fields are converted only when an expression asks for them; integers
 * are BigInt there, and nowhere else: a BigInt in a workflow's result would fail its task again and again.
 */

type Order = ExpressionContext['order']

export class MoneyView implements Money {
  readonly minor: number
  readonly currency: string
  readonly exponent: number

  constructor(minor: number, order: Order) {
    this.minor = minor
    this.currency = order.currency
    this.exponent = order.exponent
  }
}

export class LineView {
  readonly #line: ExpressionLine
  readonly #order: Order

  constructor(line: ExpressionLine, order: Order) {
    this.#line = line
    this.#order = order
  }

  get sku(): string {
    return this.#line.sku
  }

  get quantity(): bigint {
    return BigInt(this.#line.quantity)
  }

  get unitPrice(): MoneyView {
    return new MoneyView(this.#line.unitPriceMinor, this.#order)
  }
}

export class CustomerView {
  readonly #customer: Order['customer']

  constructor(customer: Order['customer']) {
    this.#customer = customer
  }

  get id(): string {
    return this.#customer.id
  }

  get name(): string {
    return this.#customer.name
  }

  get attributes(): object {
    const { attributes } = this.#customer
    return typeof attributes === 'object' && attributes !== null ? attributes : this.#customer
  }
}

export class OrderView {
  readonly #order: Order
  #lines: readonly LineView[] | undefined

  constructor(order: Order) {
    this.#order = order
  }

  get orderNo(): string {
    return this.#order.orderNo
  }

  get organisation(): string {
    return this.#order.organisation
  }

  get currency(): string {
    return this.#order.currency
  }

  get total(): MoneyView {
    return new MoneyView(this.#order.totalMinor, this.#order)
  }

  get lineCount(): bigint {
    return BigInt(this.#order.lines.length)
  }

  get units(): bigint {
    return BigInt(this.#order.lines.reduce((sum, line) => sum + line.quantity, 0))
  }

  get attributes(): object {
    return this.#order.attributes
  }

  get customer(): CustomerView {
    return new CustomerView(this.#order.customer)
  }

  get lines(): readonly LineView[] {
    this.#lines ??= this.#order.lines.map(line => new LineView(line, this.#order))
    return this.#lines
  }
}

export class ActorView {
  readonly id: string
  readonly roles: readonly string[]
  readonly organisation: string

  constructor(actor: NonNullable<ExpressionContext['actor']>) {
    this.id = actor.id
    this.roles = actor.roles
    this.organisation = actor.organisation
  }
}

export class StepView {
  readonly id: string
  readonly owner: string
  readonly mine: boolean

  constructor(step: NonNullable<ExpressionContext['step']>) {
    this.id = step.id
    this.owner = step.owner
    this.mine = step.mine
  }
}

export class AmendedView {
  readonly total: MoneyView
  readonly change: MoneyView

  constructor({ totalMinor, changeMinor }: NonNullable<ExpressionContext['amended']>, order: Order) {
    this.total = new MoneyView(totalMinor, order)
    this.change = new MoneyView(changeMinor, order)
  }
}

export interface Variables {
  readonly order: OrderView
  readonly actor: ActorView | undefined
  readonly placedBy: string | undefined
  readonly asked: string
  readonly step: StepView | undefined
  readonly amended: AmendedView
}

export function variablesOf({ order, actor, placedBy, asked = '', step, amended }: ExpressionContext): Variables {
  return {
    order: new OrderView(order),
    actor: actor === undefined ? undefined : new ActorView(actor),
    placedBy,
    asked,
    step: step === undefined ? undefined : new StepView(step),
    amended: new AmendedView(amended ?? { totalMinor: order.totalMinor, changeMinor: 0 }, order),
  }
}
