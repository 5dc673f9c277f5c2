import type { ReactNode } from 'react';
import { Button } from '../kit/Button.tsx';
import { criticalNotices, useCriticalNotices } from '../kit/preferences.ts';
import { turnNoticesOn, whyNoNotices } from './browser-notices.ts';

/** Whether this browser shows a notice when something becomes critical, while a page is open. */
export function NoticeSwitch(): ReactNode {
  const isOn = useCriticalNotices() === 'on';
  return (
    <Button
      isBig
      icon="alerts"
      aria-pressed={isOn}
      because={isOn ? undefined : whyNoNotices()}
      title={
        whyNoNotices() ??
        'This browser shows a notice of every new critical alert while a page is open'
      }
      onClick={() => (isOn ? criticalNotices.set('off') : void turnNoticesOn())}
    >
      {isOn ? 'Telling me here' : 'Tell me here'}
    </Button>
  );
}
