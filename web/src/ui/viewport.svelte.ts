// Whether the page is phone-narrow: one column with a switch instead of list and map side by side.
const query = matchMedia('(max-width: 899px)');

let narrow = $state(query.matches);

query.addEventListener('change', (event) => {
  narrow = event.matches;
});

export const viewport = {
  get narrow(): boolean {
    return narrow;
  },
};
