// Generated from schemas/deployment.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.

/**
 * `deployment.json` sets the parameters of the stack in `serverless.yml`. The file is optional because every
 * key has a default. Only `osls` and `turntable validate` read it, from this folder. No Lambda function
 * contains it. `Environments.<name>` overrides `Defaults` key by key, inside `Tags` too.
 */
export interface DeploymentFile {
  /** Path or URL of the JSON Schema of this file. Editors use it for completion and validation. */
  $schema?: string;
  /** Parameters for every environment. */
  Defaults?: Stack;
  /**
   * Parameters that differ by environment. Each key is the name of an environment, which is the stage:
   * letters, digits and `-`, starting with a letter. If the stage is not listed, but its name is within two
   * letters of a listed one, `osls` packages nothing.
   */
  Environments?: {
    [k: string]: Stack;
  };
}

/** The parameters of one stack. */
export interface Stack {
  /**
   * Name of the service. The stack is `<ServiceName>-<stage>` and each function
   * `<ServiceName>-<stage>-<job>`. Choose it before the first deployment: with another name, `osls` creates a
   * second stack beside the first one.
   */
  ServiceName?: string;
  /**
   * Email address that alarms are sent to. AWS sends a link that confirms it. Default: alarms are only
   * published to the topic.
   */
  AlarmEmail?: string;
  /**
   * Whether attribute-based access control for DynamoDB is on in the account and region. If it is off, set
   * `false`, or every creation and every raise fails.
   */
  AttributeBasedAccessControl?: boolean;
  /**
   * Whether each function reserves one execution. The three executions come from the account's Lambda quota.
   * A new account has a quota of 10 and rejects the reservation: set `false` there. The leases in the state
   * table alone also keep two runs of a job apart.
   */
  ReservedConcurrency?: boolean;
  /** Memory of each function in MB, which also sets its share of the CPU. */
  MemorySize?: number | string;
  /**
   * How many functions share the work of scale: a coordinator cuts the groups into so many shards each
   * minute. `auto` counts the tables of `tables.json` at each deployment, and takes a shard for every 2,500.
   * With 1, the stack has one function for scale, and nothing of shards.
   */
  Shards?: number | string;
  /**
   * Days after which CloudWatch Logs deletes log events. The values are those that PutRetentionPolicy
   * accepts.
   */
  LogRetentionInDays?:
    | 1
    | 3
    | 5
    | 7
    | 14
    | 30
    | 60
    | 90
    | 120
    | 150
    | 180
    | 365
    | 400
    | 545
    | 731
    | 1096
    | 1827
    | 2192
    | 2557
    | 2922
    | 3288
    | 3653;
  /**
   * ARN of the managed policy that is the permissions boundary of every role of the stack. It must allow what
   * the roles allow.
   */
  PermissionsBoundary?: string;
  /**
   * ARN of an SQS queue or SNS topic in the region of the stack. Lambda sends the event of a run to it if the
   * run failed for the last time. With a standard queue, EventBridge Scheduler also sends events to it that
   * it could not deliver.
   */
  FailureDestination?: string;
  /**
   * Where the functions read `tables.json`, `settings.json` and `prices.json` in each run, so that a change
   * needs no deployment: `s3://bucket/prefix`, in the region of the stack. Turn versioning on for the bucket,
   * so that runs use the last valid version while a newer one is invalid. Default: the files in `config/`, as
   * they were packaged.
   */
  ConfigBucket?: string;
  /**
   * Where a daily function writes the page of `turntable report`: `s3://bucket/prefix`, in the region of the
   * stack. The objects are `<prefix>/<stage>/<date>.html` and `<prefix>/<stage>/latest.html`. Default: the
   * stack has no such function.
   */
  ReportBucket?: string;
  /**
   * Whether the stack has a function that restores the newest backup or export of each group once a month,
   * compares it, and deletes what it restored. AWS charges for each restore. `RestoreDrill` in
   * `settings.json` limits size and cost. Default: the stack has neither this function nor its role, which
   * may delete scratch tables.
   */
  RestoreDrills?: boolean;
  /**
   * Tags of the stack, which CloudFormation copies to its resources, and of its functions. Tables that the
   * jobs create have the `Tags` of their specs instead.
   */
  Tags?: {
    [k: string]: string;
  };
}
