/** Advice where compressed bytes are not what any program would have written. */
export const GET_AGAIN = 'it is damaged or cut off: get it again from where it came from'
