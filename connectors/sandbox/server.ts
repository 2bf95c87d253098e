import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import { ZodError } from 'zod'
import type { CallbackTarget } from './callbacks.ts'
import { controlRoutes } from './control-routes.ts'
import { operationRoutes } from './operation-routes.ts'
import { Refusal } from './refusal.ts'
import { Sandbox } from './sandbox.ts'

export interface SandboxOptions {
  /** 0: a free one. */
  readonly port: number
  /** Where the log is kept. */
  readonly folder: string
  readonly callback?: CallbackTarget
}

export interface RunningSandbox {
  readonly port: number
  close(): Promise<void>
}

/** Serves the sandbox on the loopback interface. Rejects when the port is taken or the log is broken. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const sandbox = await Sandbox.open(options.folder, options.callback)
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(express.json({ limit: '1mb' }), controlRoutes(sandbox), operationRoutes(sandbox))
  app.use(request => {
    throw new Refusal(404, 'no_such_call', `there is no ${request.method} ${request.path}`)
  })
  app.use(answerError)

  const server = createServer(app)
  await listen(server, options.port)
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
      await sandbox.close()
    },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  if (error instanceof Refusal) {
    response.status(error.status).json({ code: error.code, message: error.message })
  } else if (error instanceof ZodError) {
    const problems = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    const message = problems.map(problem => `${problem.path || 'body'}: ${problem.message}`).join('; ')
    response.status(422).json({ code: 'invalid', message, problems })
  } else if (error.status >= 400 && error.status < 500) {
    response.status(error.status).json({ code: 'invalid', message: error.message })
  } else {
    console.error(error)
    response.status(500).json({ code: 'broken', message: 'the sandbox could not write down what was asked' })
  }
}
