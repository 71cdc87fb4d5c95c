"""The job that prints a parcel's label."""
