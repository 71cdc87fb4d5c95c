UPDATE "users" SET "language" = '' WHERE "language" = 'en';
