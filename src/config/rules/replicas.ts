import { REPLICATED_VIEW } from '../../core/replicas.ts';
import { placeOf } from '../../core/streams.ts';
import type { Replica } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

const REPLICAS: Path = ['Replicas'];
const P = 'Properties';

export const replicaRules: readonly Rule[] = [
  {
    reads: [REPLICAS, [P, 'BillingMode']],
    check({ Replicas, Properties: { BillingMode } }) {
      if (!Replicas || BillingMode === 'PAY_PER_REQUEST') return [];
      const message =
        'requires Properties.BillingMode "PAY_PER_REQUEST". DynamoDB replicates a table only if its write capacity is on-demand or scaled by Application Auto Scaling ("Table write capacity should either be Pay-Per-Request or AutoScaled"), and Turntable does not use Application Auto Scaling.';
      return [{ at: REPLICAS, message }];
    },
  },
  {
    reads: [REPLICAS, [P, 'StreamSpecification']],
    check({ Replicas, Properties: { StreamSpecification: stream } }) {
      if (!Replicas || (stream?.StreamEnabled && stream.StreamViewType === REPLICATED_VIEW)) return [];
      const message = `requires Properties.StreamSpecification with StreamEnabled true and StreamViewType "${REPLICATED_VIEW}", because DynamoDB replicates a table by its stream.`;
      return [{ at: REPLICAS, message }];
    },
  },
  {
    reads: [[...REPLICAS, '*', 'RegionName']],
    check({ Replicas = [] }) {
      const regions = Replicas.map(({ RegionName }) => RegionName);
      return regions.flatMap((region, i): Finding[] => {
        if (regions.indexOf(region) === i) return [];
        const message = `is ${quote(region)}, which is already in use. A table has one replica in a Region.`;
        return [{ at: [...REPLICAS, i, 'RegionName'], message }];
      });
    },
  },
  {
    reads: [
      [...REPLICAS, '*', 'KMSMasterKeyId'],
      [...REPLICAS, '*', 'RegionName'],
      [P, 'SSESpecification'],
    ],
    check({ Replicas = [], Properties: { SSESpecification: encryption } }) {
      return Replicas.flatMap((replica, i) => keyFinding(replica, encryption, [...REPLICAS, i]));
    },
  },
  {
    reads: [
      [...REPLICAS, '*', 'GlobalSecondaryIndexes'],
      [P, 'GlobalSecondaryIndexes'],
    ],
    check({ Replicas = [], Properties: { GlobalSecondaryIndexes: indexes = [] } }) {
      const known = new Set(indexes.map(({ IndexName }) => IndexName));
      return Replicas.flatMap(({ GlobalSecondaryIndexes: own = [] }, i) =>
        own.flatMap(({ IndexName }, j): Finding[] => {
          const at = [...REPLICAS, i, 'GlobalSecondaryIndexes', j, 'IndexName'];
          if (!known.has(IndexName)) {
            const message = `is ${quote(IndexName)}, which is not an index in Properties.GlobalSecondaryIndexes.`;
            return [{ at, message }];
          }
          if (own.findIndex((one) => one.IndexName === IndexName) === j) return [];
          return [{ at, message: `is ${quote(IndexName)}, which is already in use.` }];
        }),
      );
    },
  },
];

/** A replica has the same type of encryption as its table. A key is of one region. */
function keyFinding(
  { KMSMasterKeyId: key, RegionName: region }: Replica,
  encryption: { readonly Enabled?: boolean; readonly KMSMasterKeyId?: string } | undefined,
  at: Path,
): Finding[] {
  if (key === undefined) {
    if (encryption?.KMSMasterKeyId === undefined) return [];
    const message =
      'is missing "KMSMasterKeyId", which is required because Properties.SSESpecification has one. A KMS key is of one Region.';
    return [{ at, message }];
  }
  const place = [...at, 'KMSMasterKeyId'];
  if (!encryption?.Enabled)
    return [{ at: place, message: 'is not allowed unless Properties.SSESpecification has Enabled true.' }];
  const keyRegion = placeOf(key)?.region;
  if (keyRegion === undefined || keyRegion === region) return [];
  return [
    { at: place, message: `is ${quote(key)}, which is in ${keyRegion}, but the replica is in ${region}.` },
  ];
}
