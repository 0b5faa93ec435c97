/** Milliseconds on the clock of the process when the program was loaded; what came before was an installation. */
export const programStart: number = performance.now();
