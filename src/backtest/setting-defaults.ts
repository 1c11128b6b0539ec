import type { Step } from '../core/spec.ts';

/** The defaults of the settings that a replay uses. A test compares them with the schema. */
interface SettingDefaults {
  readonly warmUpHours: number;
  readonly drainMinutes: number;
  readonly targetUtilization: number;
  readonly step: Step;
}

export const settingDefaults: SettingDefaults = {
  warmUpHours: 24,
  drainMinutes: 60,
  targetUtilization: 70,
  step: { raiseAbove: 90, raiseBy: 50, lowerBelow: 30, lowerBy: 50 },
};
