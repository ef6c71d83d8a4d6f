export { type Car, type CarLimits, decodeCar, encodeCar, loadCar } from './car.ts'
