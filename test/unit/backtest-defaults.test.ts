/** A replay without settings of its own uses the defaults that the schema has. */
import { expect, it } from 'vitest';
import { settingDefaults } from '../../src/backtest/setting-defaults.ts';
import { mergedSettings } from '../../src/config/settle.ts';

it('replays with the defaults of the settings', () => {
  const { WarmUpHours, DrainMinutes, Scaling } = mergedSettings({}, 'production');
  const { RaiseAbove, RaiseBy, LowerBelow, LowerBy } = Scaling?.Step ?? {};
  expect(settingDefaults).toEqual({
    warmUpHours: WarmUpHours,
    drainMinutes: DrainMinutes,
    targetUtilization: Scaling?.TargetUtilization,
    step: { raiseAbove: RaiseAbove, raiseBy: RaiseBy, lowerBelow: LowerBelow, lowerBy: LowerBy },
  });
});
