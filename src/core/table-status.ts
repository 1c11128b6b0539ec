/** What each status of a table means for its applications. */

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html */
export type TableStatus =
  | 'CREATING'
  | 'UPDATING'
  | 'DELETING'
  | 'ACTIVE'
  | 'INACCESSIBLE_ENCRYPTION_CREDENTIALS'
  | 'ARCHIVING'
  | 'ARCHIVED'
  | 'REPLICATION_NOT_AUTHORIZED';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ReplicaDescription.html */
export type ReplicaStatus = TableStatus | 'CREATION_FAILED' | 'REGION_DISABLED';

interface StatusTraits {
  /** Whether it becomes ACTIVE, or is gone, by itself. */
  readonly passes: boolean;
  /** Whether DeleteTable accepts it: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html */
  readonly deletable: boolean;
  /** The cause, as a sentence. */
  readonly cause: string;
  /** What an operator can do, as a sentence. */
  readonly cure: string;
}

const passing = (cause: string): StatusTraits => ({
  passes: true,
  deletable: false,
  cause,
  cure: 'If it lasts for hours, ask AWS Support.',
});

const replicas: Readonly<Record<ReplicaStatus, StatusTraits>> = {
  CREATING: passing('DynamoDB creates, restores or imports it.'),
  UPDATING: passing('DynamoDB changes it.'),
  DELETING: {
    ...passing('DynamoDB deletes it.'),
    cure: 'Rotate creates it again as soon as it is gone. If it lasts for hours, ask AWS Support.',
  },
  ACTIVE: { ...passing('It is ready.'), deletable: true },
  INACCESSIBLE_ENCRYPTION_CREDENTIALS: {
    passes: false,
    deletable: false,
    cause: 'DynamoDB cannot use its KMS key.',
    cure: 'Enable the key and let DynamoDB use it within seven days. After that, DynamoDB archives the table.',
  },
  ARCHIVING: {
    passes: false,
    deletable: false,
    cause: 'Its KMS key was unusable for seven days, so DynamoDB backs it up and archives it.',
    cure: 'Wait until it is ARCHIVED. Then restore its backup.',
  },
  ARCHIVED: {
    passes: false,
    deletable: true,
    cause: 'Its KMS key was unusable for seven days, so DynamoDB archived it.',
    cure: 'Make the key usable, delete the table by hand, and restore its backup under the same name.',
  },
  REPLICATION_NOT_AUTHORIZED: {
    passes: false,
    deletable: false,
    cause: 'A policy denies the replication role of DynamoDB (AWSServiceRoleForDynamoDBReplication).',
    cure: 'Correct the policy within 20 hours. After that, DynamoDB makes the replica a table of its own.',
  },
  CREATION_FAILED: {
    passes: false,
    deletable: false,
    cause: 'DynamoDB could not create it.',
    cure: 'Delete the replica by hand. If the spec names its Region, rotate adds it again.',
  },
  REGION_DISABLED: {
    passes: false,
    deletable: false,
    cause: 'The account has disabled its Region.',
    cure: 'Enable the Region within 20 hours, or remove the replica.',
  },
};

const unknown: StatusTraits = {
  passes: false,
  deletable: false,
  cause: 'This version of Turntable does not know the status.',
  cure: 'See what the DynamoDB documentation says about it.',
};

/** What a status of a table or replica means, also of one that is unknown. */
export const traitsOf = (status: string): StatusTraits =>
  Object.hasOwn(replicas, status) ? replicas[status as ReplicaStatus] : unknown;
