/**
 * Application Auto Scaling: which tables and indexes it may scale. It scales nothing here. Targets outlive their tables.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
import type { Json } from './engine.ts';
import { AwsError, notEmbedded, validation } from './failure.ts';
import type { Operation, Operations, Region } from './region.ts';
import { seconds, tableArn } from './wire.ts';

const PER_PAGE = 50;

const DIMENSIONS = /^dynamodb:(table|index):(Read|Write)CapacityUnits$/;
const RESOURCE = /^table\/([^/]+)(?:\/index\/([^/]+))?$/;

interface Target {
  readonly ResourceId: string;
  readonly ScalableDimension: string;
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
  readonly SuspendedState: Json;
  readonly CreationTime: number;
}

const RUNNING = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

export function autoScalingOperations(region: Region): Operations {
  const targets = new Map<string, Target>();
  return {
    RegisterScalableTarget: register(region, targets),
    DeregisterScalableTarget: (input) => {
      const key = keyOf(input);
      if (!targets.delete(key))
        throw new AwsError(
          'ObjectNotFoundException',
          `No scalable target found for ${key.replace('\n', ', ')}`,
        );
      return {};
    },
    DescribeScalableTargets: (input) => {
      checkNamespace(input);
      const ids = input.ResourceIds as string[] | undefined;
      const all = [...targets.values()].filter(
        ({ ResourceId, ScalableDimension }) =>
          (ids?.includes(ResourceId) ?? true) &&
          (input.ScalableDimension ?? ScalableDimension) === ScalableDimension,
      );
      const from = Number(input.NextToken ?? 0);
      const to = from + Math.min(Number(input.MaxResults ?? PER_PAGE), PER_PAGE);
      return {
        ScalableTargets: all.slice(from, to).map((target) => ({ ServiceNamespace: 'dynamodb', ...target })),
        ...(to < all.length && { NextToken: String(to) }),
      };
    },
  };
}

function checkNamespace({ ServiceNamespace: namespace }: Json): void {
  if (namespace === undefined)
    throw validation(
      "1 validation error detected: Value null at 'serviceNamespace' failed to satisfy constraint: Member must not be null",
    );
  if (namespace !== 'dynamodb') throw notEmbedded(`the service namespace ${String(namespace)}`);
}

function keyOf(input: Json): string {
  checkNamespace(input);
  const { ResourceId, ScalableDimension } = input;
  const [, kind] = DIMENSIONS.exec(String(ScalableDimension)) ?? [];
  const [, table, index] = RESOURCE.exec(String(ResourceId)) ?? [];
  if (kind === undefined || table === undefined || (kind === 'index') !== (index !== undefined))
    throw validation(
      `Unsupported service namespace, resource type or scalable dimension: ${String(ResourceId)}`,
    );
  return `${String(ResourceId)}\n${String(ScalableDimension)}`;
}

/** Registers a target, or changes what the call names of one that exists. */
function register(region: Region, targets: Map<string, Target>): Operation {
  return (input) => {
    const key = keyOf(input);
    const [, table = ''] = RESOURCE.exec(String(input.ResourceId)) ?? [];
    const before = targets.get(key);
    if (!region.tables.find(table))
      throw validation(`DynamoDB table does not exist: ${String(input.ResourceId)}`);
    const [MinCapacity, MaxCapacity] = (['MinCapacity', 'MaxCapacity'] as const).map((name) => {
      const value = input[name] ?? before?.[name];
      if (value === undefined)
        throw validation('Min capacity and max capacity are required for a new target.');
      return value as number;
    }) as [number, number];
    if (MinCapacity > MaxCapacity) throw validation('Maximum capacity cannot be less than minimum capacity');
    targets.set(key, {
      ResourceId: String(input.ResourceId),
      ScalableDimension: String(input.ScalableDimension),
      MinCapacity,
      MaxCapacity,
      SuspendedState: {
        ...RUNNING,
        ...before?.SuspendedState,
        ...(input.SuspendedState as Json | undefined),
      },
      CreationTime: before?.CreationTime ?? seconds(region.now()),
    });
    const arn = tableArn(region.name, table).replace(/:table\/.*/, `:scalable-target/${targets.size}`);
    return { ScalableTargetARN: arn.replace(':dynamodb:', ':application-autoscaling:') };
  };
}
