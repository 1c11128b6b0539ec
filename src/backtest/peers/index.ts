import type { Replay } from '../replay.ts';
import { type Controller, simulate } from '../simulate.ts';
import { clairvoyant } from './clairvoyant.ts';
import { dynamicDynamodb, mollomTemplate } from './dynamic-dynamodb.ts';
import { fixedPeak, onDemand } from './fixed.ts';
import { lambdaAutoscale } from './lambda-autoscale.ts';
import { targetTracking } from './target-tracking.ts';

/** A controller can have state, so each run gets a new one. */
const controlled =
  (controller: () => Controller): Replay =>
  (series, options) =>
    simulate(series, controller(), options);

/** The alternatives to Turntable's methods, by name. */
export const peers = {
  'target-tracking-50': controlled(() => targetTracking(50)),
  'target-tracking-70': controlled(() => targetTracking(70)),
  'target-tracking-90': controlled(() => targetTracking(90)),
  'dynamic-dynamodb': controlled(() => dynamicDynamodb()),
  'mollom-template': controlled(() => dynamicDynamodb(mollomTemplate)),
  'lambda-autoscale': controlled(lambdaAutoscale),
  'static-peak': fixedPeak,
  'on-demand': onDemand,
  clairvoyant,
} satisfies Record<string, Replay>;
