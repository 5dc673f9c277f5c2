import { useNavigate } from '@tanstack/react-router';
import type { IconName } from '../kit/Icon.tsx';
import { useIsDemo } from './api.ts';
import { tourMemory } from './tour/memory.ts';

/** What the palette offers of the demo. */
interface DemoCommand {
  readonly icon: IconName;
  readonly text: string;
  readonly keys: string;
  readonly act: () => void;
}

/** Nothing while no demo lives. */
export function useDemoCommands(): readonly DemoCommand[] {
  const navigate = useNavigate();
  if (!useIsDemo()) return [];
  return [
    {
      icon: 'demo',
      text: 'Newsroom, the demo',
      keys: 'g n',
      act: () => void navigate({ to: '/demo' }),
    },
    { icon: 'tour', text: 'Guided tour', keys: '', act: tourMemory.open },
  ];
}
