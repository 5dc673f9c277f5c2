import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyDraft } from './arbitrary.suite.ts';
import { liftAttributes, otelAttributes } from './opentelemetry.ts';

describe('OpenTelemetry names', () => {
  test('become our fields', () => {
    const attributes = {
      'service.name': 'shop',
      'host.name': 'web-1',
      'deployment.environment': 'production',
      'http.route': '/cart',
    };
    const lifted = liftAttributes({ type: 'metric', attributes });
    expect(lifted).toEqual({
      type: 'metric',
      service: 'shop',
      host: 'web-1',
      environment: 'production',
      attributes: { 'http.route': '/cart' },
    });
    expect(otelAttributes(lifted)).toEqual({
      'service.name': 'shop',
      'host.name': 'web-1',
      'deployment.environment.name': 'production',
      'http.route': '/cart',
    });
  });

  test('give way to a field that is set, and to the newer name', () => {
    const set = { type: 'metric', service: 'a', attributes: { 'service.name': 'b' } };
    expect(liftAttributes(set)).toBe(set);
    const both = { 'deployment.environment.name': 'new', 'deployment.environment': 'old' };
    expect(liftAttributes({ type: 'metric', attributes: both })).toEqual({
      type: 'metric',
      environment: 'new',
      attributes: { 'deployment.environment': 'old' },
    });
  });

  test('out and back in again change nothing', () => {
    const without = anyDraft.filter((draft) => liftAttributes(draft) === draft);
    fc.assert(
      fc.property(without, ({ type, service, host, environment, attributes }) => {
        const named = {
          ...(service !== undefined && { service }),
          ...(host !== undefined && { host }),
          ...(environment !== undefined && { environment }),
        };
        const known = { ...named, ...(attributes && { attributes }) };
        const all = otelAttributes(known);
        const back = liftAttributes({ type, attributes: all });
        expect(otelAttributes(back)).toEqual(all);
        expect(back).toMatchObject(named);
      }),
    );
  });
});
