import { callerOf } from '../../../domain/permission/caller.ts'
import { matrix, processNamed } from '../definitions.ts'
import { given, type Happening, placed } from '../specification.ts'

/** A backend with every right that the matrix can give a person. */
const backend = { actor: 'webshop', roles: ['ops-manager', 'service'], organisation: 'main' }

const asks =
  (type: 'approve' | 'reject' | 'claim' | 'cancel', service: boolean): Happening =>
  order => {
    const identity = service ? { ...backend, service: true as const } : backend
    order.take({ type: 'command', at: order.at, command: { type }, caller: callerOf(matrix, identity, type) })
  }

describe('a service account', () => {
  const pending = () => given(processNamed('sales'), placed({ total: 2_000_000 }))

  it('[U] decides nothing, whatever its roles', () => {
    for (const type of ['approve', 'reject', 'claim'] as const) {
      pending().when(asks(type, true)).thenRefused('not_permitted')
    }
  })

  it('[U] may do what else its roles allow', () => {
    pending().when(asks('cancel', true)).thenStatus('cancelled')
    pending().when(asks('reject', false)).thenStatus('cancelled')
  })
})
