/** A sound that is made when something turns red. */
export interface Siren {
  readonly sound: () => void;
  /** Whether the browser lets it: most ask for a click on the page first. */
  readonly isHeard: () => boolean;
  readonly close: () => void;
}

/** Two tones, twice, made by the browser itself: no file is asked for. */
export function openSiren(): Siren {
  const context = new AudioContext();
  return {
    isHeard: () => context.state === 'running',
    sound: () => {
      void context.resume().then(() => {
        for (const [i, hertz] of [880, 587, 880, 587].entries())
          tone(context, hertz, context.currentTime + i * toneSeconds);
      });
    },
    close: () => void context.close(),
  };
}

const toneSeconds = 0.28;

function tone(context: AudioContext, hertz: number, at: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  oscillator.type = 'square';
  gain.gain.setValueAtTime(0.2, at);
  gain.gain.exponentialRampToValueAtTime(0.001, at + toneSeconds);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + toneSeconds);
}
