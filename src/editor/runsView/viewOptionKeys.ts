import * as v from 'valibot';
import { DIFFERENCES, type IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import { GROUP_MODES, type GroupMode } from '../../runs/grouping/groupMode.ts';
import { StateKey } from '../base/stateKey.ts';

/** Earlier versions stored `status` as `state`. */
const Mode = v.pipe(
  v.unknown(),
  v.transform((stored) => (stored === 'state' ? 'status' : stored)),
  v.picklist(GROUP_MODES),
);

export const GROUP_MODE = new StateKey<GroupMode>('groupMode', Mode, 'node');

export const IGNORED_DIFFERENCES = new StateKey<IgnoredDifferences>(
  'ignoredDifferences',
  v.object(v.entriesFromList(DIFFERENCES, v.exactOptional(v.boolean()))),
  {},
);
