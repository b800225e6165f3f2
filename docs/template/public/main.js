// Diagrams get numbers for ids: docfx's default is the clock, and two within a millisecond would be drawn over each other.
export default {
  mermaid: { deterministicIds: true },
};
