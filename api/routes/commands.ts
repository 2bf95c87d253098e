import { commandSchema } from '../../domain/core/command.ts'
import { orderNoText } from '../../domain/order/order-request.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'
import { type Route, route } from '../http/route.ts'
import { findOrder } from '../orders/find-order.ts'
import { runCommand } from '../orders/run-command.ts'
import { orderBodySchema } from '../schemas/order-body-schema.ts'
import { orderNoParameter } from '../schemas/parameter-schemas.ts'

export function commandRoutes(deps: ApiDependencies): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/orders/{orderNo}/commands',
      tag: 'Orders',
      summary: 'Ask something of an order',
      params: { orderNo: orderNoParameter },
      async find({ orderNo = '' }, { organisation }) {
        const known = orderNoText.safeParse(orderNo).success ? await findOrder(deps, { organisation, orderNo }) : null
        if (known === null) throw new Problem('not_found', `there is no order ${orderNo}`)
        return known
      },
      body: commandSchema,
      answers: { 200: { description: 'It is done: the order, straight from its workflow', schema: orderBodySchema } },
      problems: ['not_found', 'not_permitted', 'stale', 'closed', 'not_applicable', 'lost'],
      async handle({ identity, found, body, idempotencyKey, log }) {
        log.setBindings({ command: body.type })
        return { status: 200, body: await runCommand(deps, identity, found, body, idempotencyKey) }
      },
    }),
  ]
}
