"""The yearly evaluation of posted envoys: scores, places, duties, and the evidence for each."""
