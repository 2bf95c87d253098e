import { loadSurroundings } from '../../../config/processes.ts'
import type { CheckOptions } from '../../../domain/check/check-definition.ts'
import { type Matrix, matrixSchema } from '../../../domain/permission/permission.ts'

const loaded = loadSurroundings('processes')
export const standard = loaded.matrices.standard!

function without(name: string, ...commands: (keyof Matrix['commands'])[]): Matrix {
  const left = Object.entries(standard.commands).filter(([command]) => !(commands as string[]).includes(command))
  return { ...standard, matrix: name, commands: Object.fromEntries(left) }
}

const everybody = { roles: ['sales', 'auditor', 'order-desk'], statuses: 'open' as const }

/** Who asks for a void, and who confirms it. */
function voidedBy(name: string, row: object): Matrix {
  return matrixSchema.parse({ ...standard, matrix: name, commands: { ...standard.commands, void: [row] } })
}

/** What the definitions of these tests are checked against: `processes/`, with somebody who has no channel, somebody who has left, and matrices that allow too little. */
export const surroundings = {
  ...loaded,
  directory: {
    ...loaded.directory,
    people: [
      ...loaded.directory.people,
      { id: 'ghost', name: { en: 'Ghost', zh: '幽灵' }, organisation: 'main', roles: ['haunting'], channels: [] },
      {
        id: 'gone',
        name: { en: 'Gone', zh: '已离职' },
        organisation: 'main',
        roles: [],
        channels: loaded.directory.people[0]!.channels,
        left: '2025-12-31',
      },
    ],
  },
  matrices: {
    ...loaded.matrices,
    generous: { ...standard, matrix: 'generous', commands: { ...standard.commands, cancel: [everybody] } },
    unreleasing: without('unreleasing', 'release', 'cancel'),
    powerless: without('powerless', 'approve'),
    helpless: without('helpless', 'retry', 'cancel', 'release'),
    trapping: without('trapping', 'cancel', 'send_back'),
    unconfirmed: voidedBy('unconfirmed', { roles: ['ops-manager'], confirm: { roles: ['controlling'] } }),
    lonely: voidedBy('lonely', { roles: ['process-owner'], confirm: {} }),
    crowded: voidedBy('crowded', { roles: ['process-owner', 'ops-manager'], confirm: { levels: 3 } }),
  },
}

export const options: CheckOptions = { from: '2026-01-05T00:00:00.000Z' }
