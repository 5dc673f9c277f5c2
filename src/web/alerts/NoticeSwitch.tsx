import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { criticalNotices, useCriticalNotices } from '../kit/preferences.ts';
import { turnNoticesOn, whyNoNotices } from './browser-notices.ts';

/** Whether this browser shows a notice when something becomes critical, while a page is open. */
export function NoticeSwitch(): ReactNode {
  const isOn = useCriticalNotices() === 'on';
  const [why, setWhy] = useState<string>();
  const press = async (): Promise<void> => {
    if (isOn) return criticalNotices.set('off');
    if (whyNoNotices() === undefined) await turnNoticesOn();
    setWhy(whyNoNotices());
  };
  return (
    <>
      {/* Not disabled where it can't work: who has no mouse would not learn why. */}
      <Button
        isBig
        icon="alerts"
        aria-pressed={isOn}
        title="A notice of every new critical alert, while a page of this console is open here"
        onClick={() => void press()}
      >
        {isOn ? 'Telling me here' : 'Tell me here'}
      </Button>
      <output className="max-w-80 text-small text-warning empty:hidden">{why}</output>
    </>
  );
}
