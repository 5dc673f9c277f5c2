import { useEffect, useState } from 'react';

/** Nobody types a word faster, ms. */
const pauseMs = 350;

/** A value as it was when it last stood still for a moment. */
export function useLater<T>(value: T): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
}
