import { incidentOperations } from './incidents.ts'
import { commandOperations } from './meeting-commands.ts'
import { meetingOperations } from './meetings.ts'
import type { Operations } from './operations.ts'
import type { OperationsDeps } from './operations-deps.ts'
import { setUpOperations } from './set-up.ts'
import { wordOperations } from './words.ts'

export function createOperations(deps: OperationsDeps): Operations {
  return {
    ...setUpOperations(deps),
    ...meetingOperations(deps),
    ...commandOperations(deps),
    ...wordOperations(deps),
    ...incidentOperations(deps),
    feeds: () => deps.live.status(),
  }
}
