import { z } from 'zod'
import { findOrder } from '../../commands/find-order.ts'
import { commandSchema } from '../../domain/core/commands/command.ts'
import { refusalCodes } from '../../domain/core/input.ts'
import { orderNoText } from '../../domain/order/order-request.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'
import { type Route, route } from '../http/route.ts'
import { previewCommand } from '../orders/preview-command.ts'
import { runCommand } from '../orders/run-command.ts'
import { orderBodySchema, proposalSchema } from '../schemas/order-body-schema.ts'
import { flag, orderNoParameter } from '../schemas/parameter-schemas.ts'
import { previewSchema } from '../schemas/preview-schema.ts'

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
      query: z.object({
        dryRun: flag.optional().describe('true: tells what would happen, and changes nothing'),
      }),
      body: commandSchema,
      answers: {
        200: {
          description: 'It is done: the order, straight from its workflow. Or, of a dry run, what would happen',
          schema: z.union([orderBodySchema, previewSchema]),
        },
        202: {
          description: 'Another person must confirm it: nothing is done yet',
          schema: z.object({ proposal: proposalSchema }),
        },
      },
      changesNothing: ({ dryRun }) => dryRun === true,
      problems: ['not_found', 'lost', ...refusalCodes],
      async handle({ identity, found, query, body, idempotencyKey, log }) {
        log.setBindings({ command: body.type })
        if (query.dryRun) return { status: 200, body: await previewCommand(deps, identity, found, body) }
        const done = await runCommand(deps, identity, found, body, idempotencyKey)
        return 'orderNo' in done ? { status: 200, body: done } : { status: 202, body: { proposal: done } }
      },
    }),
  ]
}
